"""What may be asked of identity: a function per RPC, in a room per kind of record."""

from gateway.identity.rpc.api_keys import create_api_key, delete_api_key, list_api_keys
from gateway.identity.rpc.groups import create_group, delete_group, update_group
from gateway.identity.rpc.joining import accept_invitation, invite_user
from gateway.identity.rpc.passwords import (
    change_password,
    complete_password_reset,
    create_password_reset,
    send_password_reset,
)
from gateway.identity.rpc.people import create_user, get_user, hand_over_user, update_user
from gateway.identity.rpc.photos import delete_user_photo, download_user_photo, upload_user_photo
from gateway.identity.rpc.portal import (
    delete_portal_logo,
    download_portal_logo,
    get_portal,
    get_portal_settings,
    set_up_portal,
    update_portal_settings,
    upload_portal_logo,
)
from gateway.identity.rpc.providers import sign_in_by_provider
from gateway.identity.rpc.saved_views import create_saved_view, update_saved_view
from gateway.identity.rpc.sessions import create_session, delete_other_sessions, delete_session, list_sessions
from gateway.identity.rpc.totp import (
    disable_totp,
    enable_totp,
    get_totp,
    remove_totp,
    renew_recovery_codes,
    start_totp,
)

__all__ = [
    "accept_invitation",
    "change_password",
    "complete_password_reset",
    "create_api_key",
    "create_group",
    "create_password_reset",
    "create_saved_view",
    "create_session",
    "create_user",
    "delete_api_key",
    "delete_group",
    "delete_other_sessions",
    "delete_portal_logo",
    "delete_session",
    "delete_user_photo",
    "disable_totp",
    "download_portal_logo",
    "download_user_photo",
    "enable_totp",
    "get_portal",
    "get_portal_settings",
    "get_totp",
    "get_user",
    "hand_over_user",
    "invite_user",
    "list_api_keys",
    "list_sessions",
    "remove_totp",
    "renew_recovery_codes",
    "send_password_reset",
    "set_up_portal",
    "sign_in_by_provider",
    "start_totp",
    "update_group",
    "update_portal_settings",
    "update_saved_view",
    "update_user",
    "upload_portal_logo",
    "upload_user_photo",
]
