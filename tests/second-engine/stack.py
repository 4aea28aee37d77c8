"""Creates the stack of infra/template.yaml on an engine that speaks the AWS APIs, and writes what the journeys need.

    stack.py ENDPOINT ZIPS ISSUER_URL ISSUER_KEY OUT.json

ENDPOINT is the engine's address; ZIPS a folder with NAME/bootstrap.zip for every function, as `cargo lambda build
--output-format zip` leaves them. OUT.json tells what every resource is called and how to sign in; the address of the API is printed.

SAM's own translator turns the template into CloudFormation, as AWS does. Two things in it are changed: where the code lies,
and what may be sent to queues (see `permit_batches`).
"""

import json
import os
import pathlib
import sys

import boto3
from samtranslator.translator.managed_policy_translator import ManagedPolicyLoader
from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse

REGION = "us-east-1"
BUCKET = "code"
STACK = "vmeste"
TEMPLATE = pathlib.Path(__file__).resolve().parents[2] / "infra" / "template.yaml"


class NoManagedPolicies:
    """Stands for IAM. The template names no managed policy of its own: every role lists its actions."""

    def get_paginator(self, _):
        return self

    def paginate(self, **_):
        return []


def upload(s3, zips, template):
    """Puts the code of every function where CloudFormation finds it."""
    s3.create_bucket(Bucket=BUCKET)
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            name = pathlib.PurePath(resource["Properties"]["CodeUri"]).name
            s3.upload_file(str(zips / name / "bootstrap.zip"), BUCKET, f"{name}.zip")
            resource["Properties"]["CodeUri"] = f"s3://{BUCKET}/{name}.zip"


def permit_batches(template):
    """On AWS, whoever may SendMessage may SendMessageBatch; ministack asks for an action of its own (infra/README.md)."""
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            for policy in resource["Properties"]["Policies"]:
                for statement in policy["Statement"]:
                    if "sqs:SendMessage" in statement["Action"]:
                        statement["Action"].append("sqs:SendMessageBatch")


def create(cloudformation, url, parameters):
    """Creates the stack; if that fails, says which resource and why."""
    cloudformation.create_stack(
        StackName=STACK,
        TemplateURL=url,
        Parameters=[{"ParameterKey": name, "ParameterValue": value} for name, value in parameters.items()],
        Capabilities=["CAPABILITY_IAM"],
    )
    try:
        waiter = cloudformation.get_waiter("stack_create_complete")
        waiter.wait(StackName=STACK, WaiterConfig={"Delay": 1, "MaxAttempts": 120})
    except Exception:
        for event in cloudformation.describe_stack_events(StackName=STACK)["StackEvents"]:
            if "FAILED" in event["ResourceStatus"]:
                print(event["LogicalResourceId"], event.get("ResourceStatusReason"), file=sys.stderr)
        raise
    resources = {}
    for page in cloudformation.get_paginator("list_stack_resources").paginate(StackName=STACK):
        for resource in page["StackResourceSummaries"]:
            resources[resource["LogicalResourceId"]] = resource["PhysicalResourceId"]
    return resources


def main():
    endpoint, zips, issuer, issuer_key, out = sys.argv[1:]
    os.environ["AWS_DEFAULT_REGION"] = REGION  # the translator has no other way to learn it
    session = boto3.Session(aws_access_key_id="test", aws_secret_access_key="test")
    s3 = session.client("s3", endpoint_url=endpoint)
    cloudformation = session.client("cloudformation", endpoint_url=endpoint)

    template = yaml_parse(TEMPLATE.read_text())
    upload(s3, pathlib.Path(zips), template)
    permit_batches(template)
    parameters = {
        "AlarmTopic": f"arn:aws:sns:{REGION}:000000000000:on-duty",
        "OidcIssuer": issuer,
        "OidcJwksUrl": f"{issuer}/jwks.json",
        "PublicUrl": endpoint,
    }
    known = {name: parameters.get(name, described.get("Default")) for name, described in template["Parameters"].items()}
    translated = transform(template, known, ManagedPolicyLoader(NoManagedPolicies()))
    s3.put_object(Bucket=BUCKET, Key="template.json", Body=json.dumps(translated))
    resources = create(cloudformation, f"{endpoint}/{BUCKET}/template.json", parameters)

    described = {"endpoint": endpoint, "issuer": issuer, "issuer_key": issuer_key, "resources": resources}
    pathlib.Path(out).write_text(json.dumps(described, indent=1))
    print(f"{endpoint}/_aws/execute-api/{resources['Api']}/$default")


main()
