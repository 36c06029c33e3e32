"""The fictional Example Bridge Federation 例桥总工会, built stage by stage through the services."""
