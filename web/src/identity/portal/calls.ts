import { answer, api } from "../../api/client";
import type { PortalSettings } from "../../api/types";

type Changeable = Omit<PortalSettings, "name" | "createTime" | "updateTime" | "logo">;

export function changePortal(changes: Partial<Changeable> & { etag: string }) {
  return answer<PortalSettings>(api.PATCH("/v1/portalSettings", { body: changes }));
}
