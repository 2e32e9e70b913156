"""How a run is opened, timed and closed: in this process, or as a Prefect flow."""
