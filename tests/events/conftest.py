import pytest

from monitor.events.parameters import JudgeParameters, MotionParameters, PictureParameters


@pytest.fixture
def motion_parameters() -> MotionParameters:
    return MotionParameters(
        k_sigma=4.5,
        min_area_fraction=0.0008,
        max_area_fraction=0.7,
        min_duration_s=0.3,
        min_displacement_fraction=0.03,
        min_coherence=0.3, max_speed_per_s=0.8,
        event_gap_s=2.0,
        exit_gap_s=0.5,
        rest_s=10.0,
        sensitivities={"gate": 2.0},
    )


@pytest.fixture
def picture_parameters() -> PictureParameters:
    return PictureParameters(
        kl_threshold_nats=0.2,
        light_ratio=1.3,
        covered_s=0.7,
        defocused_s=2.0,
        frozen_s=10.0,
        moved_fraction=0.05,
        left_s=10.0,
        removed_s=2.5,
    )


@pytest.fixture
def judge_parameters(
    motion_parameters: MotionParameters, picture_parameters: PictureParameters
) -> JudgeParameters:
    return JudgeParameters(motion_parameters, picture_parameters)
