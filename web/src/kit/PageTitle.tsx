/** What the browser's tab and history call the page. React puts it where it belongs. */
export function PageTitle({ title }: { title: string }) {
  return <title>{`${title} · Rapport`}</title>;
}
