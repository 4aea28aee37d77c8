# The author's pages: report, appeal, list, one submission.
