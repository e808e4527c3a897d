// The AWS SDK for JavaScript as a program: a JSON object a line in, one a line out.
// In:  {"endpoint", "operation", "credentials", "parameters"}
// Out: {"data"} or {"code", "message"}
import { createInterface } from "node:readline";
import * as sts from "@aws-sdk/client-sts";

async function answer({ endpoint, operation, credentials, parameters }) {
  const client = new sts.STSClient({ region: "us-east-1", endpoint, credentials });
  try {
    const { $metadata, ...data } = await client.send(new sts[`${operation}Command`](parameters));
    return { data };
  } catch (error) {
    return { code: error.name, message: error.message };
  } finally {
    client.destroy();
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await answer(JSON.parse(line))));
}
