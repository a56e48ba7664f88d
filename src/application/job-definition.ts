/** What can be started: a name and the steps that it consists of, in order. */
export interface JobDefinition {
  /** The value of the public `JobType`. */
  readonly type: string;
  readonly description: string;
  readonly steps: readonly StepKind[];
}

export interface StepKind {
  /** The value of the public `StepType`. */
  readonly type: string;
  /** Whether whoever starts the job has to say which transactions it is about. */
  readonly needsBatch: boolean;
}
