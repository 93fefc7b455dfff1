import { answer, api, idOf } from "../api/client";
import type { PortalSettings, User } from "../api/types";

/** A file goes as it is, not as JSON. */
const asItIs = (file: File) => ({
  body: file as never,
  bodySerializer: (body: unknown) => body as File,
  headers: { "Content-Type": file.type || "application/octet-stream" },
});

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
