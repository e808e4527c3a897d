// What a login does, with the AWS SDK for JavaScript 3.
// Reads a request a line from stdin and writes an answer a line to stdout, both JSON;
// tests/sdks/programs.py describes them.
import { createInterface } from "node:readline";
import { GetUserCommand, IAMClient } from "@aws-sdk/client-iam";
import { ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, GetSessionTokenCommand, STSClient } from "@aws-sdk/client-sts";
import { fromNodeProviderChain } from "@aws-sdk/credential-providers";

const OPERATIONS = {
  GetCallerIdentity: {
    Client: STSClient,
    command: () => new GetCallerIdentityCommand({}),
    answer: (output) => ({ arn: output.Arn }),
  },
  GetSessionToken: {
    Client: STSClient,
    command: ({ serial, code, duration }) =>
      new GetSessionTokenCommand({ SerialNumber: serial, TokenCode: code, DurationSeconds: duration }),
    answer: ({ Credentials: c }) => ({ credentials: [c.AccessKeyId, c.SecretAccessKey, c.SessionToken] }),
  },
  GetUser: {
    Client: IAMClient,
    command: () => new GetUserCommand({}),
    answer: (output) => ({ arn: output.User.Arn }),
  },
  ListBuckets: { Client: S3Client, command: () => new ListBucketsCommand({}), answer: () => ({}) },
};

// Calls the operation `times` times with one client; the last answer counts.
async function carryOut(asked) {
  const { Client, command, answer } = OPERATIONS[asked.operation];
  const client = new Client({ credentials: credentials(asked) });
  let output;
  for (let i = 0; i < asked.times; i++) output = await client.send(command(asked));
  return answer(output);
}

function credentials({ credentials: given, profile, code }) {
  if (given) {
    const [accessKeyId, secretAccessKey, sessionToken] = given;
    return { accessKeyId, secretAccessKey, sessionToken: sessionToken || undefined };
  }
  return fromNodeProviderChain({ profile, mfaCodeProvider: async () => code });
}

// A refusal by AWS has the `$fault` of one side.
function failure({ $fault, name, message }) {
  return { [$fault ? "code" : "error"]: name, message };
}

for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await carryOut(JSON.parse(line)).catch(failure)));
}
