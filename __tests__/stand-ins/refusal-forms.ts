/** The forms in which services refuse a signature, each with as much of what they computed as its kind of service says. */
import { formatErrorDocument, type RawResponse, type Refusal } from 'strict-sigv4-verifier';

/** Writes a refusal; the status is the one that its code has there. */
export type RefusalForm = (refusal: Refusal) => RawResponse;

export const hexDump = (text: string): string =>
  (Buffer.from(text, 'latin1').toString('hex').match(/../g) ?? []).join(' ');

export const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const xml = (body: string | Buffer): RawResponse => ({
  status: 403,
  headers: { 'Content-Type': 'application/xml' },
  body,
});

const element = (name: string, text: string | undefined): string =>
  text === undefined ? '' : `<${name}>${escapeXml(text)}</${name}>`;

const WORDS = 'The request signature we calculated does not match the signature you provided. ';
const CHECK = 'Check your AWS Secret Access Key and signing method. Consult the service documentation for details.';

/** API Gateway's and IAM's words, with what they computed. */
export function describeComputed({ message, code, canonicalRequest, stringToSign }: Refusal): string {
  if (code !== 'SignatureDoesNotMatch' || canonicalRequest === undefined || stringToSign === undefined) return message;
  return (
    `${WORDS}${CHECK}\n\nThe Canonical String for this request should have been\n'${canonicalRequest}'\n\n` +
    `The String-to-Sign should have been\n'${stringToSign}'\n`
  );
}

const toJsonCode = ({ code }: Refusal): string =>
  code === 'SignatureDoesNotMatch' ? 'InvalidSignatureException' : code;

const json = (value: unknown, headers: Readonly<Record<string, string>> = {}): RawResponse => ({
  status: 403,
  headers: { 'Content-Type': 'application/json', ...headers },
  body: JSON.stringify(value),
});

/** The forms with all that was computed, by the service that has them. */
export const tellingForms: Readonly<Record<string, RefusalForm>> = {
  'S3, texts and bytes': (refusal) => xml(formatErrorDocument(refusal)),
  'S3, bytes alone': ({ code, message, details, canonicalRequest, stringToSign }) =>
    xml(
      `<Error>${element('Code', code)}${element('Message', message)}` +
        Object.entries(details)
          .filter(([name]) => !name.endsWith('Bytes'))
          .map(([name, text]) => element(name, text))
          .join('') +
        element('StringToSignBytes', stringToSign && hexDump(stringToSign)) +
        element('CanonicalRequestBytes', canonicalRequest && hexDump(canonicalRequest)) +
        '</Error>',
    ),
  'S3, texts alone': (refusal) => {
    const texts = Object.entries(refusal.details).filter(([name]) => !name.endsWith('Bytes'));
    return xml(formatErrorDocument({ ...refusal, details: Object.fromEntries(texts) }));
  },
  'API Gateway': (refusal) =>
    json({ message: describeComputed(refusal) }, { 'x-amzn-ErrorType': `${toJsonCode(refusal)}:http://aws.example/` }),
  'JSON of IAM services': (refusal) =>
    json({ __type: `com.amazon.coral.service#${toJsonCode(refusal)}`, message: describeComputed(refusal) }),
  'query services': (refusal) =>
    xml(
      '<ErrorResponse xmlns="https://iam.example/doc/2010-05-08/"><Error><Type>Sender</Type>' +
        `${element('Code', refusal.code)}${element('Message', describeComputed(refusal))}</Error></ErrorResponse>`,
    ),
  wrapped: (refusal) =>
    json({ errors: [{ message: describeComputed(refusal), code: 'InvalidSignature', details: '' }] }),
  'wrapped twice': (refusal) => json({ errorMessage: JSON.stringify({ message: describeComputed(refusal) }) }),
};

/** Only the string to sign, as s3rver has it. */
export const stringToSignAlone: RefusalForm = ({ code, message, stringToSign }) =>
  xml(
    `<Error>${element('Code', code)}${element('Message', message)}${element('StringToSign', stringToSign)}` +
      `${element('StringToSignBytes', stringToSign && hexDump(stringToSign))}</Error>`,
  );

/** Nothing but the code, as Ceph RGW has it. */
export const codeAlone: RefusalForm = ({ code }) =>
  xml(`<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message></Message></Error>`);
