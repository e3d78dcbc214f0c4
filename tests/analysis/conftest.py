import pytest

from monitor.analysis.analyser import Analyser
from monitor.analysis.foreground import ModelParameters
from monitor.analysis.parameters import Parameters
from tests.analysis.given import usual_parameters


@pytest.fixture
def parameters() -> Parameters:
    return usual_parameters()


@pytest.fixture
def model_parameters(parameters: Parameters) -> ModelParameters:
    return parameters.model


@pytest.fixture
def analyser(parameters: Parameters) -> Analyser:
    return Analyser(parameters)
