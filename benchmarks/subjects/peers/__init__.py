"""Engines that do this job, on the PostgreSQL of the run: Camunda 7, Flowable, SpiffWorkflow, DBOS."""
