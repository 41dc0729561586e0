"""What stands behind `./run` and `./test`: makes the environment, starts PostgreSQL, web and worker, ends them again.

Standard library only and nothing of the project itself, because it runs before anything is installed.
The order to read it in: main, options, serve, command, check, suite; then what they stand on.
"""
