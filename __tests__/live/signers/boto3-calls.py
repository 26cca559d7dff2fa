"""Makes the calls on stdin by boto3's clients, each once, to the endpoint on stdin, whatever that answers."""

import json
import sys

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.parsers import ResponseParserError

CONFIG = Config(retries={"total_max_attempts": 1}, read_timeout=10, proxies={})


def main():
    job = json.load(sys.stdin)
    session = boto3.Session(
        aws_access_key_id=job["accessKeyId"],
        aws_secret_access_key=job["secretAccessKey"],
        aws_session_token=job["sessionToken"],
        region_name=job["region"],
    )
    clients = {}
    for service, operation, parameters in job["calls"]:
        if service not in clients:
            clients[service] = session.client(service, endpoint_url=job["origin"], config=CONFIG)
        try:
            getattr(clients[service], operation)(**parameters)
        except (ClientError, ResponseParserError):
            # The request has been sent; the answer is no real one.
            pass
    json.dump(len(job["calls"]), sys.stdout)


main()
