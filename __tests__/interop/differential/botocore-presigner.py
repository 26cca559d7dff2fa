"""Presigns the requests on stdin by botocore's own signers, and prints their signatures."""

import datetime
import json
import sys

import botocore.auth
from botocore.auth import S3SigV4QueryAuth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials


def presign(given):
    moment = datetime.datetime.strptime(given["date"], "%Y-%m-%dT%H:%M:%S.%fZ")
    botocore.auth.get_current_datetime = lambda *_, **__: moment
    request = AWSRequest(method=given["method"], url=given["url"], headers=dict(given["headers"]))
    keys = given["credentials"]
    credentials = Credentials(keys["accessKeyId"], keys["secretAccessKey"], keys.get("sessionToken"))
    signer = S3SigV4QueryAuth if given["isS3"] else SigV4QueryAuth
    signer(credentials, given["service"], given["region"], given["expiresIn"]).add_auth(request)
    return request.url.rsplit("X-Amz-Signature=", 1)[1]


json.dump([presign(given) for given in json.load(sys.stdin)], sys.stdout)
