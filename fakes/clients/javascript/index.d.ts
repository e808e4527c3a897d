export interface Key {
  access_key_id: string;
  secret_access_key: string;
}

export interface User extends Key {
  mfa_arn?: string;
  totp_secret?: string;
}

export interface Ready {
  endpoint: string;
  account: string;
  users: Record<string, User>;
  accounts?: Record<string, { users: Record<string, User> }>;
  control_token?: string;
  ca_bundle?: string;
}

export interface Fault {
  on: string;
  answer?: string;
  message?: string;
  status?: number;
  latency?: string;
  request_id?: string;
  after?: number;
  times?: number;
  user?: string;
  account?: string;
}

export interface Call {
  operation: string;
  access_key_id: string | null;
  account: string | null;
  parameters: Record<string, string>;
  status: number | null;
  code: string | null;
  reason: string | null;
  at: string;
}

export interface OidcToken {
  subject: string;
  audience?: string | string[];
  issuer?: string;
  claims?: Record<string, unknown>;
  expires_in?: string;
  valid_in?: string;
  algorithm?: "RS256" | "ES256";
  key?: "right" | "wrong";
  kid?: "right" | "unknown" | "absent";
}

export interface SamlResponse {
  role?: string;
  provider?: string;
  roles?: string[];
  session_name?: string | null;
  session_duration?: number;
  session_ends?: string;
  subject?: string | null;
  subject_format?: string;
  tags?: Record<string, string>;
  transitive_tags?: string[];
  source_identity?: string;
  attributes?: Record<string, string[]>;
  issuer?: string;
  audience?: string | null;
  recipient?: string;
  status?: string;
  issued?: string;
  valid_from?: string;
  valid_until?: string;
  signature?: "assertion" | "response" | "both" | "none" | "wrong key" | "changed";
}

export class Simulator {
  readonly endpoint: string;
  account: string;
  users: Record<string, User>;
  /** The users of the accounts but the first, by account id and name. */
  accounts: Record<string, Record<string, User>>;
  constructor(ready: Ready);
  static start(options?: string[], command?: string[]): Promise<Simulator>;
  stop(): Promise<void>;
  reset(): Promise<void>;
  world(table: Record<string, unknown>): Promise<void>;
  now(): Promise<Date>;
  advance(span: string): Promise<void>;
  skew(span: string): Promise<void>;
  fault(fault: Fault): Promise<void>;
  clearFaults(): Promise<void>;
  usersIn(account?: string): Record<string, User>;
  rotate(user?: string, account?: string): Promise<Key>;
  code(user?: string, account?: string): Promise<string>;
  oidcToken(wanted: OidcToken): Promise<string>;
  samlResponse(wanted: SamlResponse): Promise<string>;
  samlMetadata(): Promise<string>;
  calls(): Promise<Call[]>;
  environ(user?: string, account?: string): Record<string, string>;
  control(method: string, name: string, body?: unknown): Promise<any>;
}
