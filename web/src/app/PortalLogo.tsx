import { useQuery } from "@tanstack/react-query";

import { portal } from "../api/queries";
import { Logo } from "./Logo";

/** The portal's own logo, or that of the product. */
export function PortalLogo({ size }: { size: number }) {
  const version = useQuery(portal).data?.logo;
  if (!version) return <Logo size={size} />;
  const address = `/v1/portal:logo?version=${encodeURIComponent(version)}`;
  return <img src={address} alt="" style={{ maxHeight: size, maxWidth: size * 4, display: "block" }} />;
}

/** What the portal is called. */
export function usePortalTitle() {
  return useQuery(portal).data?.title || "Rapport";
}
