"""The steps that `flows.pipelines` lists, one a module."""
