"""For nbval: the kernels of the committed notebooks are forks of one process, as those of a run are."""

import pytest

from analysis.report import notebook
from analysis.study import settings


def pytest_configure(config: pytest.Config) -> None:
    """In each process that runs notebooks, and not in the one that shares them out."""
    if settings.CAN_FORK and (hasattr(config, "workerinput") or not config.getoption("numprocesses", None)):
        from nbval import kernel  # after the notebooks of ours, which keep Jupyter from compiling a grammar

        class Quiet(notebook.warm_manager({}, waits=True)):
            def start_kernel(self, **given: object) -> None:
                super().start_kernel(extra_arguments=["--log-level=CRITICAL"], **given)

        kernel.KernelManager = Quiet
