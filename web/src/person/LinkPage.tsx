// What stands before every page of a mailed link: waiting, the link being over, or no link at all.
import { Skeleton, Stack } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { problemOf } from '../api/client';
import type { LinkInfo } from '../api/nouns';
import { Outside } from '../layout/Outside';
import { paths } from '../paths';
import { ButtonLink } from '../ui/links';
import { Refused } from '../ui/notice';
import { useLink, type Link } from './useLink';

type OpenLink = Link & { info: LinkInfo };

type LinkPageProps = {
  purpose: LinkInfo['purpose'];
  /** What to do if the link is over. */
  over: ReactNode;
  children: (link: OpenLink) => ReactNode;
};

const toSignIn = (
  <ButtonLink to={paths.signIn} variant="default" fullWidth>
    Sign in
  </ButtonLink>
);

export function LinkPage({ purpose, over, children }: LinkPageProps) {
  const link = useLink();
  // Once the page has begun with a link it keeps it, also while it looks again after a sign-in.
  const [first] = useState(link.token);
  if (first === '') {
    return (
      <Outside title="Open the link again" lead="The address of this page holds no link any more. Open the one in the mail once more.">
        {toSignIn}
      </Outside>
    );
  }
  if (link.error !== null && problemOf(link.error).code === 'link_over') return <Over>{over}</Over>;
  if (link.error !== null) {
    return (
      <Outside title="The link could not be checked">
        <Refused error={link.error} />
      </Outside>
    );
  }
  if (link.info === null) return <Waiting />;
  return link.info.purpose === purpose ? children({ ...link, info: link.info }) : <Over>{over}</Over>;
}

function Over({ children }: { children: ReactNode }) {
  return (
    <Outside title="This link is over" lead={<>It was used, replaced by a newer one, or its time has passed. {children}</>}>
      {toSignIn}
    </Outside>
  );
}

function Waiting() {
  return (
    <Outside title="One moment" lead="The link is being checked.">
      <Stack gap="md">
        <Skeleton h={32} />
        <Skeleton h={32} />
      </Stack>
    </Outside>
  );
}
