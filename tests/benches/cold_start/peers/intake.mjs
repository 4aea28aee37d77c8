// What `intake` does with a report, in Node: as intake.py beside it.

import { randomUUID } from "node:crypto";
import http from "node:http";
import { DynamoDBClient, GetItemCommand, TransactWriteItemsCommand } from "@aws-sdk/client-dynamodb";
import { SendMessageBatchCommand, SQSClient } from "@aws-sdk/client-sqs";

const dynamodb = new DynamoDBClient({});
const sqs = new SQSClient({});
const { PLATFORM_TABLE: TABLE, AWS_LAMBDA_RUNTIME_API: API } = process.env;
const QUEUES = { routing: process.env.ROUTING_QUEUE_URL, indexing: process.env.INDEXING_QUEUE_URL };

async function handler(event) {
  const body = JSON.parse(event.body);
  for (const field of ["kind", "text"]) {
    if (!body[field]) {
      const problem = { type: "/problems/invalid", status: 422, fields: [{ field }] };
      return { statusCode: 422, body: JSON.stringify(problem) };
    }
  }
  await dynamodb.send(new GetItemCommand({ TableName: TABLE, Key: { pk: { S: "DIRECTORY" }, sk: { S: "CURRENT" } } }));
  const submission = randomUUID();
  const id = randomUUID();
  const now = new Date().toISOString();
  const put = (pk, sk, content) => ({
    Put: {
      TableName: TABLE,
      Item: { pk: { S: pk }, sk: { S: sk }, body: { S: JSON.stringify(content) } },
      ConditionExpression: "attribute_not_exists(pk)",
    },
  });
  const deliveries = Object.keys(QUEUES).map((consumer) => ({ consumer, event: id, submission, version: 1 }));
  await dynamodb.send(
    new TransactWriteItemsCommand({
      TransactItems: [
        put(`BENCH#${submission}`, "STATE", { kind: body.kind, received: now }),
        put(`BENCH#${submission}`, "TEXT", { text: body.text }),
        put(`BENCH#${submission}`, `EVENT#${id}`, { type: "submission_received", at: now }),
        ...deliveries.map((delivery) => put(`BENCH#DELIVERY#${delivery.consumer}`, id, delivery)),
      ],
    }),
  );
  for (const delivery of deliveries) {
    const QueueUrl = QUEUES[delivery.consumer].replace("Queue", "DeadLetters");
    await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries: [{ Id: "0", MessageBody: JSON.stringify(delivery) }] }));
  }
  return {
    statusCode: 201,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ id: submission, tracking: randomUUID() }),
  };
}

function call(method, path, body) {
  const [host, port] = API.split(":");
  return new Promise((resolve, reject) => {
    const request = http.request({ host, port, method, path }, (reply) => {
      const parts = [];
      reply.on("data", (part) => parts.push(part));
      reply.on("end", () => resolve({ headers: reply.headers, body: Buffer.concat(parts).toString() }));
    });
    request.on("error", reject);
    request.end(body);
  });
}

for (;;) {
  const next = await call("GET", "/2018-06-01/runtime/invocation/next");
  const answer = await handler(JSON.parse(next.body));
  const request = next.headers["lambda-runtime-aws-request-id"];
  await call("POST", `/2018-06-01/runtime/invocation/${request}/response`, JSON.stringify(answer));
}
