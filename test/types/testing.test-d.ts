/** The test kit gives an action no event that it does not take, and no params that it does not know. Checked by `npm run types`. */
import {
  alertEvent,
  changeEvent,
  deploymentEvent,
  nodeEvent,
  podChangeEvent,
  podEvent,
  resourceEvent,
  runAction,
} from "../../src/testing.ts";
import { myAction, podBashEnricher, podChangeMonitor, silencer } from "./actions.ts";

const params = { bash_command: "ls" };

export const fine = [
  runAction(podBashEnricher, podEvent(), params),
  runAction(podBashEnricher, podChangeEvent(), params),
  runAction(podBashEnricher, alertEvent(), params),
  runAction(podBashEnricher, resourceEvent("Pod"), { ...params, timeout: 7 }),
  runAction(myAction, podEvent()),
  runAction(podChangeMonitor, changeEvent("Pod")),
  runAction(silencer, alertEvent()),
];

export const refused = [
  // @ts-expect-error a deployment is no pod
  runAction(myAction, deploymentEvent()),
  // @ts-expect-error nor is a node
  runAction(myAction, nodeEvent()),
  // @ts-expect-error an alert is no change
  runAction(podChangeMonitor, alertEvent()),
  // @ts-expect-error nor is an event about a pod
  runAction(podChangeMonitor, podEvent()),
  // @ts-expect-error a change is no alert
  runAction(silencer, podChangeEvent()),
  // @ts-expect-error no such parameter
  runAction(podBashEnricher, podEvent(), { bash_comand: "ls" }),
  // @ts-expect-error a string is wanted
  runAction(podBashEnricher, podEvent(), { bash_command: 1 }),
];
