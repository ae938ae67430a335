// The nouns of the REST API, by the names of openapi.json.
import type { components } from './schema';

type Schemas = components['schemas'];

/** The server writes every field of an answer, null where there is nothing; the generator calls those fields optional. */
export type Written<T> = T extends (infer Item)[]
  ? Written<Item>[]
  : T extends object
    ? { [Name in keyof T]-?: Written<T[Name]> }
    : T;

// In a problem a field that says nothing is absent.
export type Problem = Schemas['Problem'];
export type Instance = Written<Schemas['Instance']>;
export type Session = Written<Schemas['Session']>;
export type AccessToken = Written<Schemas['AccessToken']>;
export type SecondFactorRule = Written<Schemas['SecondFactorRule']>;
export type Me = Written<Schemas['Me']>;
export type Seat = Written<Schemas['Seat']>;
export type Role = Written<Schemas['Role']>;
export type Roles = Written<Schemas['Roles']>;
export type Module = Written<Schemas['Module']>;
export type RolesAsked = Schemas['RolesAsked'];
export type RolesInForce = Written<Schemas['RolesInForce']>;
export type Teamwork = Written<Schemas['Teamwork']>;
export type KeyMember = Written<Schemas['KeyMember']>;
export type KeyInvitation = Schemas['KeyInvitation'];
export type MemberState = Written<Schemas['MemberState']>;
export type LinkInfo = Written<Schemas['LinkInfo']>;
export type Accepted = Written<Schemas['Joined']>;
export type Account = Written<Schemas['Account']>;
export type Ownership = Written<Schemas['Ownership']>;
export type Count = Written<Schemas['Count']>;
export type Subscription = Written<Schemas['Subscription']>;
export type Metric = Written<Schemas['Metric']>;
export type Usage = Written<Schemas['Usage']>;
export type Cap = Written<Schemas['Cap']>;
export type Rate = Written<Schemas['Rate']>;
export type MemberChange = Schemas['MemberChange'];
export type Member = Written<Schemas['Member']>;
export type Allowed = Written<Schemas['Allowed']>;
export type Key = Written<Schemas['Key']>;
export type KeyChange = Schemas['KeyChange'];
export type Version = Written<Schemas['Version']>;
export type VersionWhole = Written<Schemas['VersionWhole']>;
export type Difference = Written<Schemas['Difference']>;
export type Ref = Written<Schemas['Ref']>;
export type Value = Written<Schemas['Value']>;
export type LeakRule = Written<Schemas['LeakRule']>;
export type ReplacedValue = Written<Schemas['ReplacedValue']>;
export type NewValue = Written<Schemas['NewValue']>;
export type Allowlist = Written<Schemas['Allowlist']>;
export type Allowlists = Written<Schemas['Allowlists']>;
export type AllowlistAsked = Schemas['AllowlistAsked'];
export type AllowlistsAsked = Schemas['AllowlistsAsked'];
export type KeyLimits = Written<Schemas['KeyLimits']>;
export type LimitsAsked = Schemas['LimitsAsked'];
export type Secret = Written<Schemas['Secret']>;
export type NewSecret = Written<Schemas['NewSecret']>;
export type RequestRow = Written<Schemas['RequestRow']>;
export type Stats = Written<Schemas['Stats']>;
export type Spend = Written<Schemas['Spender']>;
export type Change = Written<Schemas['AuditRow']>;
export type TestCall = Schemas['TestCall'];
export type TestAnswer = Written<Schemas['TestAnswer']>;
export type OperatorAccount = Written<Schemas['OperatorAccount']>;
export type OperatorAccountRow = Written<Schemas['OperatorAccountRow']>;
export type ExtraUnitsAsked = Schemas['ExtraUnitsAsked'];
export type Plan = Written<Schemas['Plan']>;
export type Api = Written<Schemas['Api']>;
export type Mail = Written<Schemas['Mail']>;
