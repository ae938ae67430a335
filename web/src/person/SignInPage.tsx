// Sign in, and back to where one wanted to go.
import { Group } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useInstance } from '../account/query';
import { Outside } from '../layout/Outside';
import { paths } from '../paths';
import { TextLink } from '../ui/links';
import { Notice } from '../ui/notice';
import { useUrl } from '../ui/url';
import { meQuery } from './me';
import { safeNext } from './next';
import { SignInForm } from './SignInForm';

export function SignInPage() {
  const [search] = useUrl();
  const router = useRouter();
  const cache = useQueryClient();
  const { data: instance } = useInstance();
  const next = safeNext(search.next);
  const go = () => router.history.push(next);
  useEffect(() => {
    // Who is signed in already has nothing to do here.
    if (cache.getQueryData(meQuery.queryKey)) router.history.replace(next);
  }, [cache, router, next]);
  const isOpen = instance?.registration === 'open';
  return (
    <Outside
      title="Sign in"
      lead={search.next && next !== '/' ? 'You are led back to where you were.' : 'To your keys and your team.'}
      foot={
        <Group justify="space-between">
          <TextLink to={paths.reset} size="sm">
            Forgot the password?
          </TextLink>
          {isOpen && (
            <span>
              New here?{' '}
              <TextLink to={paths.register} size="sm" underline="always">
                Register
              </TextLink>
            </span>
          )}
          {instance && !isOpen && <span>Seats are given by invitation.</span>}
        </Group>
      }
    >
      <SignInForm done={go} />
      {instance?.is_demo && (
        <div style={{ marginTop: 16 }}>
          <Notice>This is the demo: its logins are printed in the terminal it runs in.</Notice>
        </div>
      )}
    </Outside>
  );
}
