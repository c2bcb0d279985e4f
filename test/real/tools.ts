/** Where test/real/run.ts has left the tools and the cluster. */

/** The folder of the test tools. */
export const toolsFolder = (): string => fromRun("CORTADO_TEST_TOOLS");

/** A kubeconfig of an administrator of the real cluster. */
export const kubeconfigPath = (): string => fromRun("KUBECONFIG");

function fromRun(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: these tests are started by \`npm run test:real\`.`);
  return value;
}
