import { startEmbeddedDatabase } from "../../src/state/embedded.ts";
import { stateConformance } from "../conformance/state.ts";

stateConformance("dynalite", async () => {
  const database = await startEmbeddedDatabase();
  const { socketPath } = database;
  return { options: { socketPath }, upstream: { path: socketPath }, close: () => database.close() };
});

/** `http://localhost:8000` of a DynamoDB Local, or of another server of its protocol. */
const endpoint = process.env.CORTADO_DYNAMODB_ENDPOINT;
if (endpoint === undefined) {
  console.log("The state table was not tested on DynamoDB Local: CORTADO_DYNAMODB_ENDPOINT names none.");
} else {
  stateConformance(`the DynamoDB at ${endpoint}`, async () => {
    const { hostname, port } = new URL(endpoint);
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    return {
      options: { endpoint, region: "us-east-1", credentials },
      upstream: { host: hostname, port: Number(port) },
      close: async () => {},
    };
  });
}
