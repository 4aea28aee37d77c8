"""Creates the stack of infra/template.yaml on an engine that speaks the AWS APIs, and prints what the journeys need.

    stack.py ENDPOINT ZIPS ISSUER_URL PUBLIC_URL OUT.json

ENDPOINT is the engine's address, ZIPS a folder with NAME/bootstrap.zip for every function (as `cargo lambda build
--output-format zip` leaves them), OUT.json gets {"api": URL, "resources": {logical id: physical id}}.

SAM's own translator turns the template into CloudFormation, as AWS does; nothing of it is changed but where the code lies.
"""

import json
import pathlib
import sys

import boto3
from samtranslator.parser.parser import Parser
from samtranslator.translator.managed_policy_translator import ManagedPolicyLoader
from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse

REGION = "us-east-1"
BUCKET = "vmeste-code"
STACK = "vmeste"
TEMPLATE = pathlib.Path(__file__).resolve().parents[2] / "infra" / "template.yaml"


class NoManagedPolicies:
    """The template names none: every role lists its actions."""

    def get_paginator(self, _):
        return self

    def paginate(self, **_):
        return []


def client(endpoint, service):
    return boto3.client(
        service, endpoint_url=endpoint, region_name=REGION, aws_access_key_id="test", aws_secret_access_key="test"
    )


def upload(endpoint, zips, template):
    """Puts the code of every function where CloudFormation finds it."""
    s3 = client(endpoint, "s3")
    s3.create_bucket(Bucket=BUCKET)
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            name = pathlib.PurePath(resource["Properties"]["CodeUri"]).name
            s3.upload_file(str(zips / name / "bootstrap.zip"), BUCKET, f"{name}.zip")
            resource["Properties"]["CodeUri"] = f"s3://{BUCKET}/{name}.zip"


def main():
    endpoint, zips, issuer, public, out = sys.argv[1:]
    template = yaml_parse(TEMPLATE.read_text())
    upload(endpoint, pathlib.Path(zips), template)
    values = {
        "OidcIssuer": issuer,
        "OidcJwksUrl": f"{issuer}/jwks.json",
        "PublicUrl": public,
    }
    known = {name: values.get(name, described.get("Default")) for name, described in template["Parameters"].items()}
    known["AWS::Region"] = REGION
    boto3.setup_default_session(region_name=REGION)
    translated = transform(template, known, ManagedPolicyLoader(NoManagedPolicies()))
    body = json.dumps(translated)
    s3 = client(endpoint, "s3")
    s3.put_object(Bucket=BUCKET, Key="template.json", Body=body)
    cloudformation = client(endpoint, "cloudformation")
    parameters = [{"ParameterKey": name, "ParameterValue": value} for name, value in values.items()]
    cloudformation.create_stack(
        StackName=STACK,
        TemplateURL=f"{endpoint}/{BUCKET}/template.json",
        Parameters=parameters,
        Capabilities=["CAPABILITY_IAM"],
    )
    try:
        cloudformation.get_waiter("stack_create_complete").wait(
            StackName=STACK, WaiterConfig={"Delay": 2, "MaxAttempts": 120}
        )
    except Exception:
        for event in cloudformation.describe_stack_events(StackName=STACK)["StackEvents"]:
            if "FAILED" in event["ResourceStatus"]:
                print(event["LogicalResourceId"], event.get("ResourceStatusReason"), file=sys.stderr)
        raise
    resources = {}
    for page in cloudformation.get_paginator("list_stack_resources").paginate(StackName=STACK):
        for resource in page["StackResourceSummaries"]:
            resources[resource["LogicalResourceId"]] = resource["PhysicalResourceId"]
    api = f"{endpoint}/_aws/execute-api/{resources['Api']}/$default"
    pathlib.Path(out).write_text(json.dumps({"api": api, "resources": resources}, indent=1))
    print(f"{len(resources)} resources; the API answers at {api}")


main()
