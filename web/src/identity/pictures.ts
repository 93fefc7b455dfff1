import { answer, api, asItIs, idOf } from "../api/client";
import type { PortalSettings, User } from "../api/types";

export function uploadPhoto(user: string, file: File) {
  const params = { path: { user: idOf(user) } };
  return answer<User>(api.POST("/v1/users/{user}:uploadPhoto", { params, ...asItIs(file) }));
}

export function removePhoto(user: string) {
  const params = { path: { user: idOf(user) } };
  return answer<User>(api.POST("/v1/users/{user}:deletePhoto", { params, body: {} }));
}

export function uploadLogo(file: File) {
  return answer<PortalSettings>(api.POST("/v1/portalSettings:uploadLogo", asItIs(file)));
}

export function removeLogo() {
  return answer<PortalSettings>(api.POST("/v1/portalSettings:deleteLogo", { body: {} }));
}
