// Prints who the AWS SDK for JavaScript takes the caller for: credentials by its default chain.
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";

const client = new STSClient({ endpoint: process.env.AWS_ENDPOINT_URL_STS });
const { Arn } = await client.send(new GetCallerIdentityCommand({}));
console.log(Arn, await client.config.region());
