// Nothing is here, or the page could not be drawn: says so, and where to go.
import { Center } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { IconMapQuestion, IconPlugConnectedX } from '@tabler/icons-react';
import { problemOf, Refusal } from '../api/client';
import { paths } from '../paths';
import { Empty } from '../ui/empty';
import { ButtonLink } from '../ui/links';

const home = <ButtonLink to={paths.overview}>Go to the overview</ButtonLink>;

export function Lost() {
  useDocumentTitle('Nothing is here · Keyward');
  return (
    <Center mih="60vh">
      <Empty icon={<IconMapQuestion size={20} />} title="Nothing is here" action={home}>
        The address leads to no page, or to something you may not see. Check it, or look in another account.
      </Empty>
    </Center>
  );
}

/** What a page shows instead of itself when loading or drawing it failed. */
export function Broken({ error }: { error: unknown }) {
  if (!(error instanceof Refusal)) {
    return <Message>Load it again. If it stays, tell the operator what you did.</Message>;
  }
  const { code, detail, hint } = problemOf(error);
  return code === 'not_found' ? <Lost /> : <Message>{`${detail} ${hint ?? ''}`}</Message>;
}

function Message({ children }: { children: string }) {
  return (
    <Center mih="60vh">
      <Empty icon={<IconPlugConnectedX size={20} />} title="This page could not be shown" action={home}>
        {children}
      </Empty>
    </Center>
  );
}
