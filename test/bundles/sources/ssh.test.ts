import { generateKeyPairSync } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { knownHosts } from "../../../src/bundles/sources/known-hosts.ts";
import { privateKey, sshCommand, sshConfiguration } from "../../../src/bundles/sources/ssh.ts";
import { expectNoSecret } from "../../helpers/leaks-no-secret.ts";
import { writeFolder } from "../../helpers/write-folder.ts";

const pem = (options: { passphrase?: string } = {}) =>
  generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: {
      type: "pkcs8",
      format: "pem",
      ...(options.passphrase === undefined ? {} : { cipher: "aes-256-cbc", passphrase: options.passphrase }),
    },
  }).privateKey;

const key = pem();

/** As ssh-keygen writes it: a word, and the name of the cipher behind its length. */
const openSsh = (cipher: string) => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(cipher.length);
  const body = Buffer.concat([Buffer.from("openssh-key-v1\0"), length, Buffer.from(cipher), Buffer.alloc(200)]);
  const lines = body.toString("base64").match(/.{1,70}/g) ?? [];
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${lines.join("\n")}\n-----END OPENSSH PRIVATE KEY-----\n`;
};

describe("a private key", () => {
  it.each<[string, string]>([
    ["as it is", key],
    ["without its last line end", key.trimEnd()],
    ["with lines of Windows", key.replaceAll("\n", "\r\n")],
    ["indented, with empty lines around", `\n\n${key.replaceAll(/^/gm, "    ")}\n\n`],
    ["in base64", Buffer.from(key).toString("base64")],
    ["in base64 with lines", Buffer.from(key).toString("base64").replaceAll(/.{76}/g, "$&\n")],
  ])("is what ssh reads: %s", (_, written) => {
    expect(privateKey(written)).toBe(key);
  });

  it("of OpenSSH that has no passphrase is taken", () => {
    expect(privateKey(openSsh("none"))).toBe(openSsh("none"));
  });

  it.each<[string, string, string]>([
    ["no key", "hunter22", "The key is no private key of ssh"],
    [
      "a public key",
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAfuCHKVTjquxvt6CM6tdG4SLp1Btn",
      "The key is no private key of ssh",
    ],
    ["PEM with a passphrase", pem({ passphrase: "open sesame" }), "The key is protected by a passphrase"],
    [
      "old PEM with a passphrase",
      "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nabc\n-----END RSA PRIVATE KEY-----\n",
      "The key is protected by a passphrase",
    ],
    ["OpenSSH with a passphrase", openSsh("aes256-ctr"), "The key is protected by a passphrase"],
  ])("is refused without being repeated: %s", (_, written, message) => {
    const refuse = () => privateKey(written);
    expect(refuse).toThrow(message);
    try {
      refuse();
    } catch (error) {
      expectNoSecret(error, [written]);
    }
  });
});

describe("a connection over ssh", () => {
  it("has files of its own that nobody else may read, and no secret in its command", async () => {
    const folder = writeFolder({});
    const command = await sshCommand(
      folder,
      { key, knownHosts: "own.example ssh-ed25519 AAAA" },
      "custom.example ssh-ed25519 BBBB",
    );
    expect(command).toBe(`ssh -F '${folder}/config'`);
    const modes = ["config", "key", "known_hosts", "."].map((name) => statSync(join(folder, name)).mode & 0o777);
    expect(modes).toEqual([0o600, 0o600, 0o600, 0o700]);
    expect(readFileSync(join(folder, "key"), "utf8")).toBe(key);
    const hosts = readFileSync(join(folder, "known_hosts"), "utf8").split("\n");
    expect(hosts).toEqual([...knownHosts, "custom.example ssh-ed25519 BBBB", "own.example ssh-ed25519 AAAA", ""]);
  });

  it("offers the key alone, asks nobody, and takes no host that is not known", () => {
    const text = sshConfiguration({ hosts: "/a b/%h", keyFile: "/key" });
    for (const line of [
      "StrictHostKeyChecking yes",
      'UserKnownHostsFile "/a b/%%h" ~/.ssh/known_hosts',
      "BatchMode yes",
      'IdentityFile "/key"',
      "IdentitiesOnly yes",
      "IdentityAgent none",
    ]) {
      expect(text.split("\n")).toContain(line);
    }
    expect(sshConfiguration({ hosts: "/x" })).not.toContain("Identit");
  });
});
