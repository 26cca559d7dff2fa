/** Examples to begin with: requests of AWS's own Signature Version 4 test suite, with its keys, which open nothing. */
import type { SigningForm } from './stages.js';

/** `get-vanilla` of the suite. */
export const SIGNING_EXAMPLE: Partial<SigningForm> = {
  method: 'GET',
  url: 'https://example.amazonaws.com/',
  region: 'us-east-1',
  service: 'service',
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  date: '20150830T123600Z',
};

/** `get-vanilla-query-order-key-case` of the suite, and what API Gateway would answer behind a proxy that changes Host. */
export const REFUSAL_EXAMPLE = {
  request: `GET /?Param2=value2&Param1=value1 HTTP/1.1
Host: example.amazonaws.com
X-Amz-Date: 20150830T123600Z
Authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500
`,
  answer: `HTTP/1.1 403 Forbidden
x-amzn-ErrorType: InvalidSignatureException
Content-Type: application/json

{"message":"The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.\\n\\nThe Canonical String for this request should have been\\n'GET\\n/\\nParam1=value1&Param2=value2\\nhost:internal-lb.example.com:8080\\nx-amz-date:20150830T123600Z\\n\\nhost;x-amz-date\\ne3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'\\n\\nThe String-to-Sign should have been\\n'AWS4-HMAC-SHA256\\n20150830T123600Z\\n20150830/us-east-1/service/aws4_request\\nb4437585a3ef4dc09263524102df08e17a348fbf0074705043296144b3e7dbdc'\\n"}
`,
};
