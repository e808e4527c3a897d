/**
 * A simulator in a process of its own, and the requests of its control interface as methods.
 * Needs only Node; the simulator itself is a program of Python's (`sts-simulator`).
 */

import { spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { createInterface } from "node:readline";
import { devNull } from "node:os";

const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

export class Simulator {
  #child;
  #ready;

  /** `ready` is the ready line of a process that runs already, as an object. */
  constructor(ready) {
    this.#begin(ready);
  }

  /** Start `sts-simulator serve` with these options; `command` starts it otherwise. */
  static async start(options = [], command = ["sts-simulator"]) {
    const [program, ...first] = command;
    const child = spawn(program, [...first, "serve", ...options], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const line = await new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", (status) => reject(new Error(`the simulator ended with ${status}`)));
      createInterface(child.stdout).once("line", resolve);
    });
    const simulator = new Simulator(JSON.parse(line));
    simulator.#child = child;
    return simulator;
  }

  /** End the process that `start` started. */
  async stop() {
    const child = this.#child;
    if (!child || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    await ended;
  }

  /** Go back to the state at the start: the same users and keys, real time, no faults. */
  async reset() {
    await this.control("POST", "reset");
    this.#begin(this.#ready);
  }

  /** Replace the accounts by those of a table: keys, devices, roles.  `users` are theirs then. */
  async world(table) {
    await this.control("POST", "world", table);
    this.#have(await this.control("GET", "users"));
  }

  /** Return the simulated time as a Date, in whole seconds. */
  async now() {
    return new Date((await this.control("GET", "clock")).now);
  }

  /** Move the simulated time forwards by a length of time like "36h". */
  async advance(span) {
    await this.control("POST", "clock", { advance: span });
  }

  /** Set how much later the server's clock is than the caller's: "20m", "-20m". */
  async skew(span) {
    await this.control("POST", "clock", { skew: span });
  }

  /** Add a fault, such as { on: "GetSessionToken", answer: "Throttling", times: 2 }. */
  async fault(fault) {
    const added = await this.control("POST", "faults", [fault]);
    const { warning } = added.at(-1);
    if (warning) process.emitWarning(warning);
  }

  /** Remove all faults. */
  async clearFaults() {
    await this.control("DELETE", "faults");
  }

  /** Return the users of an account by name: of the first, or of the one with this id. */
  usersIn(account = this.account) {
    return account === this.account ? this.users : (this.accounts[account] ??= {});
  }

  /** Delete the user's keys and create a new one; return it, and put it in `users`. */
  async rotate(user = "dev-admin", account = this.account) {
    const made = await this.control("POST", "rotate", { user, account });
    const users = this.usersIn(account);
    users[user] = { ...users[user], ...made };
    return made;
  }

  /**
   * Return an OpenID Connect token for AssumeRoleWithWebIdentity.  `wanted` has a subject and
   * any other field of `POST /_sim/oidc/token`, such as { issuer, audience, expires_in }.
   */
  async oidcToken(wanted) {
    return (await this.control("POST", "oidc/token", wanted)).token;
  }

  /**
   * Return a SAML response in base64 for AssumeRoleWithSAML.  `wanted` has a role and a provider,
   * both ARNs, and any other field of `POST /_sim/saml/response`, such as { subject, signature }.
   */
  async samlResponse(wanted) {
    return (await this.control("POST", "saml/response", wanted)).saml_response;
  }

  /** Return the metadata of that identity provider, in XML, for CreateSAMLProvider. */
  async samlMetadata() {
    return (await this.control("GET", "saml/metadata")).metadata;
  }

  /** Return the code that the user's MFA device shows now.  A code is valid once. */
  async code(user = "dev-admin", account = this.account) {
    const seconds = (await this.now()).getTime() / 1000;
    const secret = this.#user(user, account).totp_secret;
    if (!secret) throw new Error(`user ${user} has no device with a secret`);
    return totp(secret, Math.floor(seconds / 30));
  }

  /** Return the records of the calls of STS, oldest first. */
  async calls() {
    return this.control("GET", "calls");
  }

  /** Return the environment variables with which AWS clients are this user of the simulator. */
  environ(user = "dev-admin", account = this.account) {
    const keys = this.#user(user, account);
    const bundle = this.#ready.ca_bundle;
    return {
      AWS_ENDPOINT_URL: this.endpoint,
      AWS_ENDPOINT_URL_STS: this.endpoint,
      AWS_ACCESS_KEY_ID: keys.access_key_id,
      AWS_SECRET_ACCESS_KEY: keys.secret_access_key,
      AWS_REGION: "us-east-1",
      AWS_DEFAULT_REGION: "us-east-1",
      AWS_CONFIG_FILE: devNull,
      AWS_SHARED_CREDENTIALS_FILE: devNull,
      AWS_EC2_METADATA_DISABLED: "true",
      NO_PROXY: "127.0.0.1",
      ...(bundle ? { AWS_CA_BUNDLE: bundle, NODE_EXTRA_CA_CERTS: bundle } : {}),
    };
  }

  /** Return the answer of the control interface.  Rejects with its reason when it refuses. */
  async control(method, name, body) {
    const token = this.#ready.control_token;
    const answer = await fetch(`${this.endpoint}/_sim/${name}`, {
      method,
      body: body === undefined ? undefined : JSON.stringify(body),
      headers: token ? { authorization: `Bearer ${token}` } : {},
    });
    const said = await answer.json();
    if (!answer.ok) throw new Error(`${answer.status}: ${said.error}`);
    return said;
  }

  #user(name, account) {
    const users = this.usersIn(account);
    const known = Object.keys(users).join(", ") || "none";
    if (!users[name]) throw new Error(`there is no user ${name}; there are: ${known}`);
    return users[name];
  }

  #begin(ready) {
    this.#ready = ready;
    this.endpoint = ready.endpoint;
    this.#have(ready);
  }

  #have(told) {
    this.account = told.account;
    this.users = structuredClone(told.users);
    this.accounts = Object.fromEntries(
      Object.entries(told.accounts ?? {}).map(([id, other]) => [id, structuredClone(other.users)]),
    );
  }
}

/** Return the code of RFC 6238 for a base32 secret and a step of 30 seconds. */
function totp(secret, step) {
  const bits = [...secret.replace(/=+$/, "")]
    .map((letter) => BASE32.indexOf(letter).toString(2).padStart(5, "0"))
    .join("");
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const digest = createHmac("sha1", key).update(counter).digest();
  const start = digest[digest.length - 1] & 15;
  const number = digest.readUInt32BE(start) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, "0");
}
