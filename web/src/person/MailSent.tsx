// After asking for a link: where it went. The words are the same whether the address is known or not.
import { Text } from '@mantine/core';
import { useInstance } from '../account/query';
import { Outside } from '../layout/Outside';
import { paths } from '../paths';
import { TextLink } from '../ui/links';
import { Notice } from '../ui/notice';

type MailSentProps = { email: string; what: string; again: () => void };

export function MailSent({ email, what, again }: MailSentProps) {
  const { data: instance } = useInstance();
  return (
    <Outside
      title="Look into your mailbox"
      lead={
        <>
          If <b>{email}</b> {what}, a mail with a link is on its way. It works once.
        </>
      }
      foot={
        <>
          <TextLink to={paths.signIn} size="sm">
            Sign in
          </TextLink>
        </>
      }
    >
      {instance && !instance.has_mail && (
        <Notice kind="warn">This Keyward sends no mail. Its operator finds the link in the Outbox and can hand it to you.</Notice>
      )}
      <Text size="sm" c="dimmed" mt={instance?.has_mail === false ? 'md' : 0}>
        Nothing after some minutes? Look among the spam, or{' '}
        <Text component="button" type="button" inherit c="var(--mantine-color-anchor)" onClick={again} style={plainButton}>
          write the address again
        </Text>
        .
      </Text>
    </Outside>
  );
}

const plainButton = { background: 'none', border: 0, padding: 0, cursor: 'pointer' };
