// The link of a registration: choose a password, and the account is yours.
import { useNavigate } from '@tanstack/react-router';
import { answer, client } from '../api/client';
import { Outside } from '../layout/Outside';
import { paths } from '../paths';
import { TextLink } from '../ui/links';
import { LinkPage } from './LinkPage';
import { becomeSignedIn } from './me';
import { PasswordForm } from './PasswordForm';

export function ConfirmRegistrationPage() {
  const navigate = useNavigate();
  const confirm = (token: string) => async (password: string) => {
    becomeSignedIn(await answer(client.POST('/registrations/confirm', { body: { token, password } })));
    await navigate({ to: paths.overview });
  };
  return (
    <LinkPage purpose="register" over={<><TextLink to={paths.register} underline="always">Register</TextLink> once more to get a new one.</>}>
      {({ token, info }) => (
        <Outside
          title={`Welcome${info.name ? `, ${info.name}` : ''}`}
          lead={<>Choose a password, and {info.account_name ? <b>{info.account_name}</b> : 'your account'} is ready.</>}
        >
          <PasswordForm email={info.email ?? ''} action="Open my account" send={confirm(token)} />
        </Outside>
      )}
    </LinkPage>
  );
}
