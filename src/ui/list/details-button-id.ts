export function detailsButtonId(jobId: string): string {
  return `details-of-${jobId}`;
}
