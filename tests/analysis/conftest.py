import pytest

from monitor.analysis.analyser import Analyser
from monitor.analysis.foreground import ModelParameters
from monitor.analysis.parameters import Parameters


@pytest.fixture
def model_parameters() -> ModelParameters:
    return ModelParameters(
        k_sigma=4.5,
        background_s=20.0,
        foreground_slowdown=50.0,
        luma_floor=2.0,
        chroma_floor=1.5,
        shadows=True,
        light=True,
    )


@pytest.fixture
def parameters(model_parameters: ModelParameters) -> Parameters:
    return Parameters(
        model=model_parameters,
        max_height_px=300,
        warm_up_s=2.0,
        min_region_fraction=0.0003,
        learn_interval_s=0.15,
        kl_threshold_nats=0.2,
        settle_s=0.3,
        most_corners=80,
        ghost_s=3.0,
        absorb_s=120.0,
    )


@pytest.fixture
def analyser(parameters: Parameters) -> Analyser:
    return Analyser(parameters)
