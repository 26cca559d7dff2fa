#!/usr/bin/env bash
# Installs what the live tests run against, one after the other; the tests say what could not be had.
cd "$(dirname "$0")" || exit 1
bash servers/rgw.sh install
bash servers/swift.sh install
bash servers/swift-streaming.sh install
bash install-packages.sh awscli curl python3-boto3 python3-botocore faketime
