import { usePortalTitle } from "../app/PortalLogo";

/** What the browser's tab and history call the page. React puts it where it belongs. */
export function PageTitle({ title }: { title: string }) {
  const portal = usePortalTitle();
  return <title>{`${title} · ${portal}`}</title>;
}
