"""The dated tree of agencies: the province, its departments, communes and schools."""
