"""Addresses of coming in, of the profile and of the settings: all that is reachable of the library."""

from __future__ import annotations

from django.urls import path
from django.views.generic import RedirectView

from piste.accounts import company, entry, factors, profile

# By the names that begin with `account_` or `mfa_` the library finds its own pages.
urlpatterns = [
    path("accounts/login/", entry.SignIn.as_view(), name="account_login"),
    path("accounts/logout/", entry.sign_out, name="account_logout"),
    path("accounts/password/forgotten/", entry.Forgotten.as_view(), name="account_reset_password"),
    path("accounts/password/forgotten/sent/", entry.LinkSent.as_view(), name="account_reset_password_done"),
    path("accounts/password/change/", factors.ChangePassword.as_view(), name="account_change_password"),
    path(
        "accounts/password/<str:uidb64>/<str:token>/", entry.ChoosePassword.as_view(), name="choose_password"
    ),
    path("accounts/reauthenticate/", factors.ConfirmByPassword.as_view(), name="account_reauthenticate"),
    path("accounts/2fa/", RedirectView.as_view(url="/profile/sign-in/"), name="mfa_index"),
    path("accounts/2fa/authenticate/", entry.SecondStep.as_view(), name="mfa_authenticate"),
    path("accounts/2fa/reauthenticate/", factors.ConfirmByCode.as_view(), name="mfa_reauthenticate"),
    path("accounts/2fa/app/on/", factors.SwitchOnCodes.as_view(), name="mfa_activate_totp"),
    path("accounts/2fa/app/off/", factors.SwitchOffCodes.as_view(), name="mfa_deactivate_totp"),
    path("accounts/2fa/codes/", factors.RecoveryCodes.as_view(), name="mfa_view_recovery_codes"),
    path("accounts/2fa/codes/new/", factors.NewRecoveryCodes.as_view(), name="mfa_generate_recovery_codes"),
    path("accounts/2fa/codes/download/", factors.download_codes, name="mfa_download_recovery_codes"),
    path("accounts/2fa/passkeys/add/", factors.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path("accounts/2fa/passkeys/<int:pk>/rename/", factors.RenamePasskey.as_view(), name="mfa_edit_webauthn"),
    path(
        "accounts/2fa/passkeys/<int:pk>/remove/", factors.RemovePasskey.as_view(), name="mfa_remove_webauthn"
    ),
    path("accounts/2fa/passkeys/login/", entry.SignInByPasskey.as_view(), name="mfa_login_webauthn"),
    path(
        "accounts/2fa/passkeys/reauthenticate/",
        factors.ConfirmByPasskey.as_view(),
        name="mfa_reauthenticate_webauthn",
    ),
    path("welcome/<str:token>/", entry.Welcome.as_view(), name="welcome"),
    path("sign-in/<str:token>/", entry.OneTime.as_view(), name="one_time"),
    path("language/", entry.choose_language, name="choose_language"),
    path("profile/", profile.Profile.as_view(), name="profile"),
    path("profile/sign-in/", profile.SectionPage.as_view(), {"key": "sign-in"}, name="profile_sign_in"),
    path("profile/<slug:key>/", profile.SectionPage.as_view(), name="profile_section"),
    path("settings/", company.Settings.as_view(), name="settings"),
    path("settings/<slug:key>/", company.Setting.as_view(), name="setting"),
    path("settings/<slug:key>/history/", company.SettingHistory.as_view(), name="setting_history"),
]
