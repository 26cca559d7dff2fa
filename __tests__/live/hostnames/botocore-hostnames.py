"""Writes every hostname that botocore resolves to stdout, as JSON, with how each service signs its requests there.

For every service, for every region of every partition, with and without FIPS and dual-stack: by the rule sets of
endpoints, by endpoints.json, and by the prefixes of operations. A path on the command line is that of another botocore.
"""

import itertools
import json
import re
import sys
from urllib.parse import urlsplit

sys.path[:0] = sys.argv[1:]

import botocore
from botocore.endpoint_provider import EndpointProvider
from botocore.exceptions import BotoCoreError, UnknownServiceError
from botocore.loaders import Loader
from botocore.model import ServiceModel
from botocore.regions import EndpointResolver

ACCOUNT = "123456789012"
OUTPOST = "op-01234567890123456"
ALIAS = "point-e0000075431d83bebde8xz5w8ijx1qzlbp3i3kuse10--op-s3"
VARIANTS = list(itertools.product((False, True), repeat=2))


def bucket_parameters(partition, region):
    """What stands for a bucket of S3, in every way that the rule set tells apart."""
    arn = f"arn:{partition}:s3:{region}:{ACCOUNT}:accesspoint/point"
    for bucket in (
        *("bucket", "my.bucket", "Not_A_Hostname", "alias-s3alias", ALIAS, "bucket--usw2-az1--x-s3"),
        *(arn, arn.replace(":s3:", ":s3-object-lambda:"), f"arn:{partition}:s3::{ACCOUNT}:accesspoint:mfzwi23gnjvgw.mrap"),
        f"arn:{partition}:s3-outposts:{region}:{ACCOUNT}:outpost/{OUTPOST}/accesspoint/point",
    ):
        for flag in ("", "ForcePathStyle", "Accelerate", "UseGlobalEndpoint", "DisableS3ExpressSessionAuth"):
            yield {"Bucket": bucket, **({flag: True} if flag else {})}
    for flag in ("UseGlobalEndpoint", "UseObjectLambdaEndpoint", "UseS3ExpressControlEndpoint"):
        yield {flag: True}


def control_parameters(partition, region):
    arn = f"arn:{partition}:s3-outposts:{region}:{ACCOUNT}:outpost/{OUTPOST}"
    account = {"AccountId": ACCOUNT, "RequiresAccountId": True}
    yield account
    yield {**account, "OutpostId": OUTPOST}
    yield {**account, "AccessPointName": f"{arn}/accesspoint/point"}
    yield {**account, "Bucket": f"{arn}/bucket/bucket"}
    yield {**account, "Bucket": "bucket--usw2-az1--x-s3", "UseS3ExpressControlEndpoint": True}


def kinesis_parameters(partition, region):
    for kind in ("control", "data"):
        for account in ({}, {"AccountId": ACCOUNT, "AccountIdEndpointMode": "preferred"}):
            yield {"OperationType": kind, **account}
            yield {"OperationType": kind, "StreamId": "abcd1234", **account}
        yield {"OperationType": kind, "StreamARN": f"arn:{partition}:kinesis:{region}:{ACCOUNT}:stream/name"}


def account_parameters(partition, region):
    account = {"AccountId": ACCOUNT, "AccountIdEndpointMode": "preferred"}
    yield account
    yield {**account, "IsSearchOperation": True}
    yield {"ResourceArn": f"arn:{partition}:dynamodb:{region}:{ACCOUNT}:table/name"}
    yield {"EventBusArn": f"arn:{partition}:events:{region}:{ACCOUNT}:event-bus/name"}


# The parameters that say more than a region, in the services whose hostnames hang on them.
PARAMETERS = {
    "cloudfront-keyvaluestore": lambda p, r: [{"KvsARN": f"arn:{p}:cloudfront::{ACCOUNT}:key-value-store/name"}],
    "dynamodb": account_parameters,
    "eventbridgev2": account_parameters,
    "events": lambda p, r: [{"EndpointId": "abc123.456def"}],
    "kinesis": kinesis_parameters,
    "s3": bucket_parameters,
    "s3control": control_parameters,
    "sesv2": lambda p, r: [{"EndpointId": "abc123.456def"}],
    "sts": lambda p, r: [{"UseGlobalEndpoint": True}],
}
LABELS = {"AccountId": ACCOUNT, "RequestRoute": "route", "graphIdentifier": "g-0123456789"}
SIGV4 = ("v4", "s3", "s3v4")


class Hostnames:
    """By hostname and service, each resolution: the ways to sign (algorithm, signing name, region) in their order."""

    def __init__(self):
        self.by_name = {}

    def add(self, url, service, ways):
        hostname = urlsplit(url).hostname
        # A template that is filled with the name of no region makes no hostname of AWS's.
        if re.search(r"\baws(-[a-z]+)*-global\b", hostname):
            return
        resolutions = self.by_name.setdefault(hostname, {}).setdefault(service, [])
        if ways not in resolutions:
            resolutions.append(ways)


class Service:
    def __init__(self, loader, name, version):
        self.name = name
        self.model = ServiceModel(loader.load_service_model(name, "service-2", version), name)
        try:
            rules = loader.load_service_model(name, "endpoint-rule-set-1", version)
        except UnknownServiceError:
            self.provider, self.parameters = None, ()
        else:
            self.provider = EndpointProvider(rules, loader.load_data("partitions"))
            self.parameters = rules["parameters"]
        operations = [self.model.operation_model(operation) for operation in self.model.operation_names]
        self.prefixes = sorted({(op.endpoint or {}).get("hostPrefix", "") for op in operations} | {""})
        self.static = [
            json.loads(text)
            for text in sorted(
                {
                    json.dumps({context.name: context.value for context in getattr(op, "static_context_parameters", [])})
                    for op in operations
                }
                | {"{}"}
            )
        ]

    def parameter_sets(self, partition, region):
        """Gives parameters of the rule set, and the prefixes of operations that go with them."""
        for parameters in self.static:
            yield parameters, self.prefixes
        for parameters in PARAMETERS.get(self.name, lambda p, r: [])(partition, region):
            yield {name: value for name, value in parameters.items() if name in self.parameters}, [""]

    def sign(self, name, region, schemes):
        if not schemes:
            return [["sigv4", name, region]]
        return [
            [
                "sigv4a" if scheme["name"] == "sigv4a" else "sigv4",
                scheme.get("signingName", name),
                ",".join(scheme.get("signingRegionSet", ())) or scheme.get("signingRegion", region),
            ]
            for scheme in schemes
            if scheme["name"].startswith("sigv4")
        ]

    def resolve(self, resolver, partition, region, fips, dual):
        """Gives each URL and the ways to sign for it: first that of endpoints.json, then those of the rule set."""
        signing_name, signing_region = self.model.signing_name, region
        is_signed = self.model.signature_version in SIGV4
        try:
            found = resolver.construct_endpoint(
                self.model.endpoint_prefix,
                region,
                partition,
                use_fips_endpoint=fips,
                use_dualstack_endpoint=dual,
            )
        except BotoCoreError:
            # There is no such variant; the rule set says whether there is one nevertheless.
            found = None
        if found:
            # What its model signs with the second version may be signed with the fourth as well.
            is_signed = is_signed or {"v2", "v4"} <= set(found.get("signatureVersions", ()))
            scope = found.get("credentialScope", {})
            signing_name = scope.get("service", signing_name)
            signing_region = scope.get("region", found["endpointName"])
            ways = self.sign(signing_name, signing_region, []) if is_signed else []
            for hostname in {found["hostname"], found.get("sslCommonName", found["hostname"])}:
                yield f"https://{hostname}", ways
        if not self.provider:
            return
        for parameters, prefixes in self.parameter_sets(partition, region):
            given = {
                "Region": region,
                "UseFIPS": fips,
                "UseDualStack": dual,
                **parameters,
            }
            known = {name: value for name, value in given.items() if name in self.parameters}
            try:
                endpoint = self.provider.resolve_endpoint(**known)
            except BotoCoreError:
                continue
            schemes = endpoint.properties.get("authSchemes")
            ways = self.sign(signing_name, signing_region, schemes) if is_signed else []
            scheme, _, rest = endpoint.url.partition("://")
            for prefix in prefixes:
                yield f"{scheme}://{prefix.format(**LABELS)}{rest}", ways


def main():
    loader = Loader(extra_search_paths=[f"{botocore.__path__[0]}/data"], include_default_search_paths=False)
    endpoints = loader.load_data("endpoints")
    resolver = EndpointResolver(endpoints)
    regions = {partition["partition"]: set(partition["regions"]) for partition in endpoints["partitions"]}
    for partition in loader.load_data("partitions")["partitions"]:
        known = regions.setdefault(partition["id"], set())
        known.update(region for region in partition["regions"] if not region.endswith("-global"))
    hostnames = Hostnames()
    names = loader.list_available_services("service-2")
    for name in names:
        for version in loader.list_api_versions(name, "service-2"):
            service = Service(loader, name, version)
            for partition, known in regions.items():
                prefix = service.model.endpoint_prefix
                listed = resolver.get_available_endpoints(prefix, partition, allow_non_regional=True)
                # Its other keys are no regions that a client takes: fips-us-east-1, us-east-1-fips, sandbox.
                known_here = known | {region for region in listed if region.endswith("-global")}
                for region, (fips, dual) in itertools.product(sorted(known_here), VARIANTS):
                    for url, ways in service.resolve(resolver, partition, region, fips, dual):
                        hostnames.add(url, name, ways)
    json.dump({"version": botocore.__version__, "services": len(names), "hostnames": hostnames.by_name}, sys.stdout)


main()
