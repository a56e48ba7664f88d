/** What the editor holds when somebody opens the playground for the first time. */
export const firstQuery = `# Press the play button to run one of these.
# The sidebar has the documentation.

query LatestJobs {
  jobs(first: 5) {
    totalCount
    nodes {
      id
      type
      status
      startedAt
      completedAt
    }
  }
}

subscription Updates {
  jobUpdated {
    id
    type
    status
    steps {
      order
      type
      status
    }
  }
}

mutation Sync {
  startJob(input: { type: SYNC }) {
    created
    job {
      id
      status
    }
  }
}
`;
