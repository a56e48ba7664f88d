/** Of the language that `strings.ts` is written in. */
const plurals = new Intl.PluralRules('en');

/** A word in the forms that its language has for numbers: the English one has two. */
type Forms = Readonly<Partial<Record<Intl.LDMLPluralRule, string>>> & { readonly other: string };

export function counted(n: number, forms: Forms): string {
  return `${n.toLocaleString()} ${forms[plurals.select(n)] ?? forms.other}`;
}
