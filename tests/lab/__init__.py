"""Real Linux kernels in network namespaces, captured at both ends. Needs root."""

import pytest

pytest.register_assert_rewrite("tests.lab.checks", "tests.lab.view")
