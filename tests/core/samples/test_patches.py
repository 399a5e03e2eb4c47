import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from deep_land_cover.core.samples.patch_store import cut_patches


@given(st.integers(1, 5), st.integers(1, 9), st.integers(0, 7), st.integers(0, 7), st.integers(0, 2**31))
def test_patches_are_the_slices_of_the_tile(channels, size, more_rows, more_columns, seed):
    generator = torch.Generator().manual_seed(seed)
    tile = torch.rand(channels, size + more_rows, size + more_columns, generator=generator)
    rows = torch.randint(0, more_rows + 1, (11,), generator=generator)
    columns = torch.randint(0, more_columns + 1, (11,), generator=generator)
    expected = torch.stack(
        [tile[:, r : r + size, c : c + size] for r, c in zip(rows.tolist(), columns.tolist(), strict=True)]
    )
    assert torch.equal(cut_patches(tile, rows, columns, size), expected)


def test_a_tile_stored_channels_last_gives_the_same_patches():
    tile = torch.rand(3, 9, 8)
    last = tile.permute(1, 2, 0).contiguous().permute(2, 0, 1)
    rows, columns = torch.tensor([0, 5, 2]), torch.tensor([4, 0, 1])
    assert torch.equal(cut_patches(last, rows, columns, 4), cut_patches(tile, rows, columns, 4))


def test_patches_come_in_the_memory_order_of_the_tile():
    tile, place = torch.rand(3, 9, 8), torch.tensor([0, 1])
    last = tile.permute(1, 2, 0).contiguous().permute(2, 0, 1)
    assert cut_patches(tile, place, place, 4).is_contiguous()
    assert cut_patches(last, place, place, 4).is_contiguous(memory_format=torch.channels_last)


def test_a_part_of_a_larger_tensor_is_cut_at_the_right_place():
    whole = torch.rand(5, 12, 12)
    part = whole[1:3, 2:10, 3:11]
    rows = torch.tensor([1])
    assert torch.equal(cut_patches(part, rows, rows, 3)[0], whole[1:3, 3:6, 4:7])


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
def test_patches_cut_on_the_gpu_are_the_same():
    tile, rows, columns = torch.rand(3, 40, 40), torch.randint(0, 30, (50,)), torch.randint(0, 30, (50,))
    on_gpu = cut_patches(tile.cuda(), rows.cuda(), columns.cuda(), 8).cpu()
    assert torch.equal(on_gpu, cut_patches(tile, rows, columns, 8))
