// Every page and where it is. Pages are loaded when they are first opened.
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet, redirect } from '@tanstack/react-router';
import { problemOf } from './api/client';
import { queryClient } from './api/query';
import { Broken, Lost } from './layout/Lost';
import { paths } from './paths';
import { meQuery } from './person/me';
import { parseSearch, stringifySearch, type Search } from './ui/url';

const root = createRootRoute({
  component: Outlet,
  notFoundComponent: Lost,
  validateSearch: (search: Record<string, unknown>): Search => search as Search,
});

// ---- outside: nobody has to be signed in
const signIn = createRoute({
  getParentRoute: () => root,
  path: paths.signIn,
  component: lazyRouteComponent(() => import('./person/SignInPage'), 'SignInPage'),
});
const register = createRoute({
  getParentRoute: () => root,
  path: paths.register,
  component: lazyRouteComponent(() => import('./person/RegisterPage'), 'RegisterPage'),
});
const confirmRegistration = createRoute({
  getParentRoute: () => root,
  path: paths.confirmRegistration,
  component: lazyRouteComponent(() => import('./person/ConfirmRegistrationPage'), 'ConfirmRegistrationPage'),
});
const reset = createRoute({
  getParentRoute: () => root,
  path: paths.reset,
  component: lazyRouteComponent(() => import('./person/ResetPage'), 'ResetPage'),
});
const confirmReset = createRoute({
  getParentRoute: () => root,
  path: paths.confirmReset,
  component: lazyRouteComponent(() => import('./person/ConfirmResetPage'), 'ConfirmResetPage'),
});
const confirmAddress = createRoute({
  getParentRoute: () => root,
  path: paths.confirmAddress,
  component: lazyRouteComponent(() => import('./person/ConfirmAddressPage'), 'ConfirmAddressPage'),
});
const activate = createRoute({
  getParentRoute: () => root,
  path: paths.activate,
  component: lazyRouteComponent(() => import('./member/ActivatePage'), 'ActivatePage'),
});
const operator = createRoute({
  getParentRoute: () => root,
  path: paths.operator,
  component: lazyRouteComponent(() => import('./person/OperatorPage'), 'OperatorPage'),
});

// ---- inside: the shell, for who is signed in
const shell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  // Who is not signed in yet needs none of the navigation.
  component: lazyRouteComponent(() => import('./layout/Shell'), 'Shell'),
  beforeLoad: async ({ location }) => {
    try {
      await queryClient.ensureQueryData(meQuery);
    } catch (refusal) {
      if (problemOf(refusal).code !== 'sign_in') throw refusal;
      throw redirect({ to: paths.signIn, search: { next: location.href === '/' ? undefined : location.href } });
    }
  },
});
const overview = createRoute({
  getParentRoute: () => shell,
  path: paths.overview,
  component: lazyRouteComponent(() => import('./account/OverviewPage'), 'OverviewPage'),
});
const keys = createRoute({
  getParentRoute: () => shell,
  path: paths.keys,
  component: lazyRouteComponent(() => import('./key/KeysPage'), 'KeysPage'),
});
// One page, four tabs: `/keys/$key` is "Get started".
const keyPage = lazyRouteComponent(() => import('./key/KeyPage'), 'KeyPage');
const key = createRoute({ getParentRoute: () => shell, path: paths.key, component: keyPage });
const keyValues = createRoute({ getParentRoute: () => shell, path: paths.keyValues, component: keyPage });
const keySecurity = createRoute({ getParentRoute: () => shell, path: paths.keySecurity, component: keyPage });
const keyHistory = createRoute({ getParentRoute: () => shell, path: paths.keyHistory, component: keyPage });
const keyTeamwork = createRoute({ getParentRoute: () => shell, path: paths.keyTeamwork, component: keyPage });
const team = createRoute({
  getParentRoute: () => shell,
  path: paths.team,
  component: lazyRouteComponent(() => import('./member/TeamPage'), 'TeamPage'),
});
const member = createRoute({
  getParentRoute: () => shell,
  path: paths.member,
  component: lazyRouteComponent(() => import('./member/MemberPage'), 'MemberPage'),
});
const roles = createRoute({
  getParentRoute: () => shell,
  path: paths.roles,
  component: lazyRouteComponent(() => import('./role/RolesPage'), 'RolesPage'),
});
const requests = createRoute({
  getParentRoute: () => shell,
  path: paths.requests,
  component: lazyRouteComponent(() => import('./request/RequestsPage'), 'RequestsPage'),
});
const tester = createRoute({
  getParentRoute: () => shell,
  path: paths.tester,
  component: lazyRouteComponent(() => import('./tester/TesterPage'), 'TesterPage'),
});
const account = createRoute({
  getParentRoute: () => shell,
  path: paths.account,
  component: lazyRouteComponent(() => import('./account/AccountPage'), 'AccountPage'),
});
const security = createRoute({
  getParentRoute: () => shell,
  path: paths.security,
  component: lazyRouteComponent(() => import('./allowlist/SecurityPage'), 'SecurityPage'),
});
const ownership = createRoute({
  getParentRoute: () => shell,
  path: paths.ownership,
  component: lazyRouteComponent(() => import('./ownership/OwnershipPage'), 'OwnershipPage'),
});
// One page, two tabs.
const settingsPage = lazyRouteComponent(() => import('./person/SettingsPage'), 'SettingsPage');
const settings = createRoute({ getParentRoute: () => shell, path: paths.settings, component: settingsPage });
const settingsSecurity = createRoute({ getParentRoute: () => shell, path: paths.settingsSecurity, component: settingsPage });
const outbox = createRoute({
  getParentRoute: () => shell,
  path: paths.outbox,
  component: lazyRouteComponent(() => import('./outbox/OutboxPage'), 'OutboxPage'),
});
const operatorAccounts = createRoute({
  getParentRoute: () => shell,
  path: paths.operatorAccounts,
  component: lazyRouteComponent(() => import('./operator/AccountsPage'), 'AccountsPage'),
});
const operatorAccount = createRoute({
  getParentRoute: () => shell,
  path: paths.operatorAccount,
  component: lazyRouteComponent(() => import('./operator/OperatorAccountPage'), 'OperatorAccountPage'),
});
const operatorPlans = createRoute({
  getParentRoute: () => shell,
  path: paths.operatorPlans,
  component: lazyRouteComponent(() => import('./operator/PlansPage'), 'PlansPage'),
});
const operatorAudit = createRoute({
  getParentRoute: () => shell,
  path: paths.operatorAudit,
  component: lazyRouteComponent(() => import('./audit/OperatorAuditPage'), 'OperatorAuditPage'),
});
const audit = createRoute({
  getParentRoute: () => shell,
  path: paths.audit,
  component: lazyRouteComponent(() => import('./audit/AuditPage'), 'AuditPage'),
});

const routeTree = root.addChildren([
  signIn, register, confirmRegistration, reset, confirmReset, confirmAddress, activate, operator,
  shell.addChildren([
    overview, keys, key, keyValues, keySecurity, keyTeamwork, keyHistory, team, member, roles, requests, tester, account, security, ownership, settings, settingsSecurity, outbox,
    operatorAccounts, operatorAccount, operatorPlans, operatorAudit, audit,
  ]),
]);

export const router = createRouter({
  routeTree,
  parseSearch,
  stringifySearch,
  defaultPreload: 'intent',
  defaultErrorComponent: Broken,
  scrollRestoration: true,
});

/** Whether the page shown is one for who is signed in. */
export const isInside = () => router.state.matches.some(({ routeId }) => routeId === shell.id);

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
