// The link of a reset: set a new password. All other sessions end.
import { useNavigate } from '@tanstack/react-router';
import { answer, client } from '../api/client';
import { Outside } from '../layout/Outside';
import { paths } from '../paths';
import { TextLink } from '../ui/links';
import { LinkPage } from './LinkPage';
import { becomeSignedIn } from './me';
import { PasswordForm } from './PasswordForm';

export function ConfirmResetPage() {
  const navigate = useNavigate();
  const confirm = (token: string) => async (password: string, code: string | null) => {
    becomeSignedIn(await answer(client.POST('/resets/confirm', { body: { token, password, code } })));
    await navigate({ to: paths.overview });
  };
  return (
    <LinkPage purpose="reset" over={<>Ask for <TextLink to={paths.reset} underline="always">a new one</TextLink>.</>}>
      {({ token, info }) => (
        <Outside title="Set a new password" lead="Everywhere else you are signed in, you will be signed out.">
          <PasswordForm email={info.email ?? ''} action="Set the password" send={confirm(token)} />
        </Outside>
      )}
    </LinkPage>
  );
}
