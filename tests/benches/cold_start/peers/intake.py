"""What `intake` does with a report, in Python: reads the directory, writes state, event and deliveries in one transaction,
sends the deliveries. It checks less and writes shorter items than `intake`.

The loop at the end is the part of AWS's own runtime client that a first answer needs; theirs does more.
"""

import http.client
import json
import os
import uuid
from datetime import datetime, timezone

import boto3

dynamodb = boto3.client("dynamodb")
sqs = boto3.client("sqs")
TABLE = os.environ["PLATFORM_TABLE"]
QUEUES = {
    "routing": os.environ["ROUTING_QUEUE_URL"],
    "indexing": os.environ["INDEXING_QUEUE_URL"],
}


def handler(event, _context):
    body = json.loads(event["body"])
    for field in ("kind", "text"):
        if not body.get(field):
            problem = {"type": "/problems/invalid", "status": 422, "fields": [{"field": field}]}
            return {"statusCode": 422, "body": json.dumps(problem)}
    dynamodb.get_item(TableName=TABLE, Key={"pk": {"S": "DIRECTORY"}, "sk": {"S": "CURRENT"}})
    submission, event_id = str(uuid.uuid4()), str(uuid.uuid4())
    now = datetime.now(timezone.utc).isoformat()

    def put(pk, sk, content):
        item = {"pk": {"S": pk}, "sk": {"S": sk}, "body": {"S": json.dumps(content)}}
        return {"Put": {"TableName": TABLE, "Item": item, "ConditionExpression": "attribute_not_exists(pk)"}}

    deliveries = {
        consumer: {"consumer": consumer, "event": event_id, "submission": submission, "version": 1} for consumer in QUEUES
    }
    dynamodb.transact_write_items(
        TransactItems=[
            put(f"BENCH#{submission}", "STATE", {"kind": body["kind"], "received": now}),
            put(f"BENCH#{submission}", "TEXT", {"text": body["text"]}),
            put(f"BENCH#{submission}", f"EVENT#{event_id}", {"type": "submission_received", "at": now}),
            *(put(f"BENCH#DELIVERY#{consumer}", event_id, delivery) for consumer, delivery in deliveries.items()),
        ]
    )
    for consumer, delivery in deliveries.items():
        # To nobody: the consumers of the platform beside it would look for the submission.
        sqs.send_message_batch(
            QueueUrl=QUEUES[consumer].replace("Queue", "DeadLetters"),
            Entries=[{"Id": "0", "MessageBody": json.dumps(delivery)}],
        )
    return {
        "statusCode": 201,
        "headers": {"content-type": "application/json"},
        "body": json.dumps({"id": submission, "tracking": uuid.uuid4().hex}),
    }


def main():
    api = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
    while True:
        api.request("GET", "/2018-06-01/runtime/invocation/next")
        reply = api.getresponse()
        request = reply.getheader("Lambda-Runtime-Aws-Request-Id")
        answer = handler(json.loads(reply.read()), None)
        api.request("POST", f"/2018-06-01/runtime/invocation/{request}/response", json.dumps(answer))
        api.getresponse().read()


main()
