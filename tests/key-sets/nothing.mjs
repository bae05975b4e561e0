// Stands in for a module of the platform that is not there.
