export { ForgottenScreen, ResetScreen } from "./ResetScreens";
export { InvitationScreen } from "./InvitationScreen";
export { SetupScreen } from "./SetupScreen";
export { SignInScreen } from "./SignInScreen";
