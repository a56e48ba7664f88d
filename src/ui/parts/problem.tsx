/** What went wrong, said at once. */
export function Problem({ text }: { readonly text: string }) {
  return (
    <p role="alert" className="problem">
      {text}
    </p>
  );
}
