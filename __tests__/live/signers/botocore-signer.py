"""Signs the requests on stdin by botocore's own signers, sends them as botocore does, and prints what it signed."""

import base64
import json
import sys

from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.httpsession import URLLib3Session
from botocore.utils import percent_encode_sequence


def recording(signer):
    """The signer, keeping what it makes on its way to the signature."""

    class Recording(signer):
        def canonical_request(self, request):
            self.canonical = super().canonical_request(request)
            return self.canonical

        def string_to_sign(self, request, canonical_request):
            self.to_sign = super().string_to_sign(request, canonical_request)
            return self.to_sign

    return Recording


def send(session, given, job):
    url = job["origin"] + given["path"]
    # Parameters are spelled by botocore's own encoder; a query is taken as it is.
    query = given["query"] or percent_encode_sequence([tuple(pair) for pair in given["params"]])
    request = AWSRequest(
        method=given["method"],
        url=f"{url}?{query}" if query else url,
        headers=dict(given["headers"]),
        data=base64.b64decode(given["body"]),
    )
    credentials = Credentials(given["accessKeyId"], given["secretAccessKey"], given.get("sessionToken"))
    signer = recording(S3SigV4Auth if given["service"] == "s3" else SigV4Auth)
    auth = signer(credentials, given["service"], job["region"])
    auth.add_auth(request)
    session.send(request.prepare())
    return {"canonicalRequest": auth.canonical, "stringToSign": auth.to_sign}


def main():
    job = json.load(sys.stdin)
    session = URLLib3Session(timeout=10)
    signed = [send(session, given, job) for given in job["requests"]]
    json.dump(signed, sys.stdout)


main()
