#!/usr/bin/env node
/** The command of the installed package. Reads nothing newer than what it checks for, so that an old Node gets a sentence. */

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);

if (major > 22 || (major === 22 && minor >= 19)) {
  await import("./main.ts");
} else {
  console.error(`cortado needs Node 22.19 or newer; this is ${process.versions.node} (${process.execPath}).`);
  process.exitCode = 1;
}
