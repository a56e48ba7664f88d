/** History is not doubted where it is at least this sure: nobody is asked. */
export const sure = 0.95;

/** What history is less sure of is not worth showing. */
export const likely = 0.6;
